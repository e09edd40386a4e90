// The same proof with thousands of runs: the number depends on the kind of run.
import './fleet.model.test.js';
