@NullMarked
package bench.harness;

import org.jspecify.annotations.NullMarked;
