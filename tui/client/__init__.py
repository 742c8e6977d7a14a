"""The async client layer: one model and one protocol for three vendors' HTTP APIs. Imports no UI."""
