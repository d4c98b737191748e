// Copies what tsc leaves behind into dist: icons, codex files, migrations, workflow templates and the sandbox's pages.
const { src, dest, parallel } = require('gulp');

const copy = (globs, to) => () => src(globs, { encoding: false, allowEmpty: true }).pipe(dest(to));

exports.assets = parallel(
	copy(['nodes/**/*.{svg,node.json}', 'nodes/**/__schema__/**/*.json'], 'dist/nodes'),
	copy('icons/**/*.svg', 'dist/icons'),
	copy('migrations/*.{sql,txt}', 'dist/migrations'),
	copy('workflows/**/*.json', 'dist/workflows'),
	copy('core/shipped-workflows/releases/*.json', 'dist/core/shipped-workflows/releases'),
	copy('sandbox/**/*.html', 'dist/sandbox'),
);
