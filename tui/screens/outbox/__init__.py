"""What waits, failed or is unknown, and what can be done about it."""
