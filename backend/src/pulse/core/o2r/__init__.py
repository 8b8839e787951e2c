"""The law of Opportunity-to-Revenue: phases, milestones, health. Pure: facts in, verdicts out."""
