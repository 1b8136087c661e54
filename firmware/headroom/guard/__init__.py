"""Do I judge? Session, pilot, faults, protection, offer: any proposal becomes a safe verdict.

Imports `terms`, `monitor`, `record`; never the law.
"""
