package bench;

/**
 * The unbalanced tree T1 of the UTS benchmark: geometric, fixed, depth 10, on average 4 children,
 * seed 19. It has 4,130,071 nodes. A node is a SHA-1 state that its children are made from.
 */
final class Uts {
  private static final double BRANCHING = 4;
  private static final int MOST_CHILDREN = 100;

  private Uts() {}

  /** A node. */
  record Node(int[] state, int height, int limit) {
    int children() {
      if (height >= limit) {
        return 0;
      }
      double p = 1.0 / (1.0 + BRANCHING);
      double u = (state[4] & 0x7fffffff) / 2147483648.0;
      return Math.min(MOST_CHILDREN, (int) Math.floor(Math.log(1 - u) / Math.log(1 - p)));
    }

    Node child(int number) {
      int[] block = new int[80];
      System.arraycopy(state, 0, block, 0, 5);
      block[5] = number;
      block[6] = 0x80000000;
      block[15] = 24 * 8;
      return new Node(sha1(block), height + 1, limit);
    }
  }

  static Node root(int limit) {
    int[] block = new int[80];
    block[4] = 19;
    block[5] = 0x80000000;
    block[15] = 20 * 8;
    return new Node(sha1(block), 0, limit);
  }

  /** Of one block; the first 16 words are given. */
  private static int[] sha1(int[] w) {
    for (int i = 16; i < 80; i++) {
      w[i] = Integer.rotateLeft(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    int a = 0x67452301;
    int b = 0xefcdab89;
    int c = 0x98badcfe;
    int d = 0x10325476;
    int e = 0xc3d2e1f0;
    for (int i = 0; i < 80; i++) {
      int f;
      if (i < 20) {
        f = ((b & c) | (~b & d)) + 0x5a827999;
      } else if (i < 40) {
        f = (b ^ c ^ d) + 0x6ed9eba1;
      } else if (i < 60) {
        f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
      } else {
        f = (b ^ c ^ d) + 0xca62c1d6;
      }
      int t = Integer.rotateLeft(a, 5) + f + e + w[i];
      e = d;
      d = c;
      c = Integer.rotateLeft(b, 30);
      b = a;
      a = t;
    }
    return new int[] {
      a + 0x67452301, b + 0xefcdab89, c + 0x98badcfe, d + 0x10325476, e + 0xc3d2e1f0
    };
  }
}
