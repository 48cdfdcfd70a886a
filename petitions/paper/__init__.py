"""Signatures on paper: batches are entered by one person and checked by another, and counted apart from all others.

entering.py takes and corrects them; checking.py lets them count, or withdraws them; counting.py has the number for the public;
scanning.py keeps pictures of the sheets, sealed.
"""
