// The same proof with 200 rounds: the number depends on the kind of run.
import './fleet.test.js';
