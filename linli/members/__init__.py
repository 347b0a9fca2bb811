"""Who belongs: organisations' tiers, membership from application to end, contact households, training."""
