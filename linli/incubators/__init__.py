"""Tenants of an incubator: admission, milestones, reviews, and what became of them."""
