'use strict';
// n8n's AI Agent loads sqlite3 for its SQL mode alone. The binding is built by an install script, and none runs here:
// without this, every workflow with an AI Agent stops. SQLite itself is not to be had in this n8n.
const Module = require('node:module');

const load = Module._load;
Module._load = function (request, ...rest) {
	return request === 'sqlite3' ? {} : load.call(this, request, ...rest);
};
