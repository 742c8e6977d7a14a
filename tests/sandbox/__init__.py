"""The sandbox, called as the vendors' pages say, and told to fail."""
