"""Who someone is: people, and how they sign in."""
