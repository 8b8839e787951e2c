"""A believable organisation, the same for the same seed: people, companies, deals, their story."""
