"""What the bot costs, measured: ``make bench`` runs all of it, without AWS and without a network."""
