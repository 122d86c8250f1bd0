"""The screen: what a person sees of the appliances, and the keys that act on it."""
