// The page before the last word: it hears of more time, and hands in when time is over.
import { follow } from "./standing.js";

follow(document.getElementById("hand-in"));
