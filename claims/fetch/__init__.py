"""Getting pages: safely, politely, and archived as they came."""
