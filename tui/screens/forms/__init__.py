"""The modal forms, one a file."""
