"""What the demo tells: people, a course, an exam that is over and one that is open."""
