// The workloads of job systems in Kotlin coroutines: async for a fork, launch for a job of a graph or 1 of 64 pieces.
package bench

import java.util.Arrays
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

internal object CoroutineJobs : JobBench() {
    private const val PIECES = 64

    private fun <T> run(block: suspend CoroutineScope.() -> T): T = runBlocking(Dispatchers.Default, block)

    private suspend fun fibonacci(n: Int): Int = coroutineScope {
        if (n < 2) {
            n
        } else {
            val left = async { fibonacci(n - 1) }
            val right = fibonacci(n - 2)
            left.await() + right
        }
    }

    override fun fib(n: Int): Int = run { fibonacci(n) }

    private suspend fun solutions(left: Int, columns: Int, down: Int, up: Int, all: Int): Int = coroutineScope {
        if (left == 0) {
            1
        } else {
            val jobs = ArrayList<Deferred<Int>>(left)
            var free = all and (columns or down or up).inv()
            while (free != 0) {
                val bit = free and -free
                jobs.add(async { solutions(left - 1, columns or bit, (down or bit) shl 1, (up or bit) shr 1, all) })
                free = free and (free - 1)
            }
            jobs.sumOf { it.await() }
        }
    }

    override fun queens(left: Int, columns: Int, down: Int, up: Int, all: Int): Int =
        run { solutions(left, columns, down, up, all) }

    private suspend fun integral(x1: Double, y1: Double, x2: Double, y2: Double, area: Double): Double =
        coroutineScope {
            val half = (x2 - x1) / 2
            val x0 = x1 + half
            val y0 = f(x0)
            val left = (y1 + y0) / 2 * half
            val right = (y0 + y2) / 2 * half
            if (Math.abs(left + right - area) <= EPSILON) {
                left + right
            } else {
                val upper = async { integral(x0, y0, x2, y2, right) }
                integral(x1, y1, x0, y0, left) + upper.await()
            }
        }

    override fun integrate(x1: Double, y1: Double, x2: Double, y2: Double, area: Double): Double =
        run { integral(x1, y1, x2, y2, area) }

    private suspend fun tree(node: Uts.Node): Long = coroutineScope {
        val jobs = List(node.children()) { async { tree(node.child(it)) } }
        jobs.sumOf { it.await() } + 1
    }

    override fun uts(node: Uts.Node): Long = run { tree(node) }

    private suspend fun sorted(a: IntArray, from: Int, to: Int): Unit = coroutineScope {
        if (to - from <= LEAF) {
            Arrays.sort(a, from, to)
        } else {
            val middle = partition(a, from, to)
            launch { sorted(a, from, middle) }
            sorted(a, middle, to)
        }
    }

    override fun quicksort(a: IntArray, from: Int, to: Int) = run { sorted(a, from, to) }

    override fun sort(a: IntArray) = quicksort(a, 0, a.size)

    override fun loop(n: Int, body: Each) = run {
        for (piece in 0..<PIECES) {
            launch {
                for (i in n * piece / PIECES..<n * (piece + 1) / PIECES) body.at(i)
            }
        }
    }

    private fun CoroutineScope.start(dag: Dag, counters: Dag.Counters, job: Int) {
        launch {
            dag.run(job)
            counters.ended(job) { start(dag, counters, it) }
        }
    }

    override fun graph(dag: Dag) = Bench.Round {
        run {
            val counters = dag.counters()
            counters.startFirst { start(dag, counters, it) }
        }
    }
}
