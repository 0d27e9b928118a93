"""From spreadsheets to rows: the template's columns, how files and cells are read, what changes.

`columns` says what the template holds, `cells` how a cell is read, `files` how a file is opened,
`template` writes it. `lines` checks a row, `planned` compares it with the database. The service
is `api.services.imports`.
"""
