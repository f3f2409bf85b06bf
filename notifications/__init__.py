"""Tell them: subscriptions and deliveries."""
