"""What workers do about subscriptions and deliveries. Each loads and calls one service."""
