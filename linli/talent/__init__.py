"""Pools of talent in tiers: published criteria, reviewers, appeals, cohorts and their sessions."""
