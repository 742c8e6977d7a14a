"""What was done from here, and undoing it."""
