"""What the admin is made of beside the lists of each app."""
