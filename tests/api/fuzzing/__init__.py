"""Schemathesis against the API: whatever its schema allows, and much that it forbids."""
