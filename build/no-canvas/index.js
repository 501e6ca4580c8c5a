throw new Error('The native canvas is not part of Inkwash: fabric runs in the renderer.');
