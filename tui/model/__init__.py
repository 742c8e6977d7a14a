"""What a customer's values are, and how they are read wherever they are written. Knows nobody: pydantic alone."""
