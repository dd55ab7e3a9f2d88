"""The product brief and the playbook as data: read, checked, compiled to declarations."""
