// The workloads of channels in Kotlin; see ChannelBench.java.
package bench

import bench.Bench.check
import java.util.concurrent.atomic.LongAdder
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select

object CoroutineChannels {
    private fun rounds(operations: Long, suffix: String? = null, block: suspend CoroutineScope.() -> Unit) {
        val round = Bench.Round { runBlocking(Dispatchers.Default, block) }
        if (suffix == null) Bench.measure(operations, round) else Bench.measure(suffix, operations, round)
    }

    private fun chan(producers: Int, consumers: Int) {
        val n = maxOf(16, Bench.scaled(400_000) / 16 * 16)
        for (capacity in listOf(0, 1, 16, 100, 1000)) {
            rounds(n.toLong(), "_$capacity") {
                val channel = Channel<Long>(capacity)
                val sum = LongAdder()
                coroutineScope {
                    for (p in 0..<producers) {
                        launch {
                            for (i in p..<n step producers) channel.send(i.toLong())
                        }
                    }
                    repeat(consumers) {
                        launch {
                            var mine = 0L
                            repeat(n / consumers) { mine += channel.receive() }
                            sum.add(mine)
                        }
                    }
                }
                check(sum.sum() == Bench.sum(n.toLong()))
            }
        }
    }

    private fun selects(cases: Int, n: Int) {
        val each = n / cases
        rounds(each.toLong() * cases, "_$cases") {
            val channels = List(cases) { Channel<Long>() }
            for (c in channels) {
                launch {
                    for (k in 0L..<each) c.send(k)
                }
            }
            var sum = 0L
            repeat(each * cases) {
                sum += select<Long> { for (c in channels) c.onReceive { it } }
            }
            check(sum == cases * Bench.sum(each.toLong()))
        }
    }

    private fun pipeline(stages: Int, n: Int) = rounds(stages.toLong() * n) {
        val first = Channel<Long>()
        var last = first
        repeat(stages) {
            val from = last
            val to = Channel<Long>()
            launch { repeat(n) { to.send(from.receive() + 1) } }
            last = to
        }
        launch { for (i in 0L..<n) first.send(i) }
        var sum = 0L
        repeat(n) { sum += last.receive() }
        check(sum == Bench.sum(n.toLong()) + stages.toLong() * n)
    }

    private fun CoroutineScope.filtered(from: Channel<Long>, prime: Long): Channel<Long> {
        val to = Channel<Long>()
        launch {
            do {
                val i = from.receive()
                if (i == 0L || i % prime != 0L) to.send(i)
            } while (i != 0L)
        }
        return to
    }

    private fun sieve() {
        val whole = Bench.isWhole()
        val primes = if (whole) 500 else 50
        val last = if (whole) 3571L else 229L
        rounds(primes.toLong()) {
            val first = Channel<Long>()
            launch {
                for (i in 2..last) first.send(i)
                first.send(0)
            }
            var numbers = first
            var prime = 0L
            repeat(primes) {
                prime = numbers.receive()
                numbers = filtered(numbers, prime)
            }
            check(prime == last && numbers.receive() == 0L)
        }
    }

    @OptIn(DelicateCoroutinesApi::class) // the links outlive a round
    private fun scale() {
        val hops = Bench.hops()
        for (links in Bench.links()) {
            val ring = List(links) { Channel<Long>() }
            val done = Channel<Unit>(Bench.TOKENS)
            for (i in 0..<links) {
                val to = ring[(i + 1) % links]
                GlobalScope.launch {
                    while (true) {
                        val left = ring[i].receive()
                        if (left < 0) break
                        if (left == 0L) done.send(Unit) else to.send(left - 1)
                    }
                }
            }
            rounds(Bench.TOKENS.toLong() * hops, "_$links") {
                for (t in 0..<Bench.TOKENS) ring[(t.toLong() * links / Bench.TOKENS).toInt()].send(hops.toLong())
                repeat(Bench.TOKENS) { done.receive() }
            }
            runBlocking(Dispatchers.Default) { ring.forEach { it.send(-1) } }
        }
    }

    @JvmStatic
    fun run(workload: String): Boolean {
        when (workload) {
            "scale" -> scale()
            "chan11" -> chan(1, 1)
            "chan1n" -> chan(1, 4)
            "chann1" -> chan(4, 1)
            "channm" -> chan(4, 4)
            "select" -> for (cases in listOf(2, 8, 64)) selects(cases, Bench.scaled(100_000))
            "pipeline" -> pipeline(100, Bench.scaled(5_000))
            "sieve" -> sieve()
            else -> return false
        }
        return true
    }
}
