"""The OAI-PMH 2.0 door: `request` reads what was asked, `answer` decides, `render` writes it, `views` is the shell."""
