/** The command: compiles and runs programs, and says how this machine stands. */
@NullMarked
package dev.raddle.cli;

import org.jspecify.annotations.NullMarked;
