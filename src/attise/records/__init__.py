"""The records that cross floors, and the tables that plain SQL may read.

Frozen, versioned shapes: data crosses floors, code does not. Changes here are additive only. Knows no Django.
"""
