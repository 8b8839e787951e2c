"""Reading by condition: COQL, search criteria and bulk-read criteria over the stored records.

Three notations (COQL text, search text, bulk-read JSON) are parsed into trees of their own and
bound to the fields of a module; all three end in the same predicates (`predicates`), and the
planner (`planner`) serves what it can from the sorted indexes of the store.
"""
