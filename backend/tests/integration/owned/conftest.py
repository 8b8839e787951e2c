from support.owned import owning

__all__ = ["owning"]
