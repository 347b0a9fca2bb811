// What every page offers beyond plain HTML. Each module does one thing and finds its own elements.
import "./large_letters.js";
import "./read_aloud.js";
import "./focus_errors.js";
