"""What: from a lecture to an exam."""
