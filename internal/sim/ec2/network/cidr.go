package network

import "net/netip"

// block reads an IPv4 CIDR block and clears its host bits, as EC2 does; ok is false for anything else.
func block(s string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// within tells whether a block lies inside another one, or is the same.
func within(inner, outer netip.Prefix) bool {
	return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
}

// networkSized tells whether a VPC or a subnet may have the block's size.
func networkSized(p netip.Prefix) bool { return p.Bits() >= 16 && p.Bits() <= 28 }

// destination brings a route's CIDR of either family into its plain form.
func destination(s string) (string, bool) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return "", false
	}
	return p.Masked().String(), true
}

// addressAt is the n-th address of a block.
func addressAt(p netip.Prefix, n int) netip.Addr {
	b := p.Addr().As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += uint32(n)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// offset is the place of an address in a block: the inverse of addressAt.
func offset(p netip.Prefix, a netip.Addr) int {
	b, x := p.Addr().As4(), a.As4()
	n := 0
	for i := range 4 {
		n = n<<8 + int(x[i]) - int(b[i])
	}
	return n
}
