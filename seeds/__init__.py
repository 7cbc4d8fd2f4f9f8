"""What the bot knows, as data: one entry an intent, who may do what, and the words that phrases share."""
