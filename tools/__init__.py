"""What the Makefile runs: getting uv, and putting together what each Lambda function ships."""
