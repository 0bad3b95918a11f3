package config

import (
	"net/netip"
	"slices"
	"strconv"

	"berth/internal/config/tfvars"
)

// cidr reads one IPv4 block; bits is the usual length, for the hint of an address without one.
func (s settings) cidr(w written, bits int) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(w.text)
	f := Fault{Summary: w.Path + " cannot be " + tfvars.Quote(w.text)}
	switch {
	case err != nil:
		f.Code, f.Detail = codeCIDR, "It is no CIDR block."
		f.Hint = `a block is written address/bits, such as "10.0.0.0/` + strconv.Itoa(bits) + `"`
		if addr, err := netip.ParseAddr(w.text); err == nil && addr.Is4() {
			masked, _ := addr.Prefix(bits)
			f.Hint = "write " + tfvars.Quote(masked.String())
		}
	case !prefix.Addr().Is4():
		f.Code, f.Detail = codeNotIPv4, "It is an IPv6 block; networks are IPv4 here."
		f.Hint = `such as "10.0.0.0/` + strconv.Itoa(bits) + `"`
	case prefix.Masked() != prefix:
		f.Code, f.Detail = codeHostBits, "Its address is not the first one of its block."
		f.Hint = "write " + tfvars.Quote(prefix.Masked().String())
	default:
		return prefix, true
	}
	s.Fail(w.At, f)
	return netip.Prefix{}, false
}

// nth is the i-th block of the given length, counted from the base.
func nth(base netip.Addr, bits, i int) netip.Prefix {
	b := base.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	n += uint32(i) << (32 - bits)
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), bits)
}

// contains says whether the inner block lies wholly in the outer one.
func contains(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

const (
	// privateOffset is the original's: public subnets from 10.0.0.0/24 on, private ones from 10.0.50.0/24.
	privateOffset = 50
	// balancerBits is the longest prefix of a subnet that AWS puts a load balancer into.
	balancerBits = 27
)

// convention cuts a VPC for n zones: up to /18 into /24 blocks at fixed places, longer ones into equal parts, the
// first half public. It is false when the parts would be smaller than a /27, or lie outside.
func convention(vpc netip.Prefix, n int) (public, private []netip.Prefix, fits bool) {
	bits, offset := 24, privateOffset
	if vpc.Bits() > 18 {
		offset = 1
		bits = vpc.Bits() + 1
		for offset < n {
			offset *= 2
			bits++
		}
	}
	if bits > balancerBits || offset+n > 1<<(bits-vpc.Bits()) || n > offset {
		return nil, nil, false
	}
	for i := range n {
		public = append(public, nth(vpc.Addr(), bits, i))
		private = append(private, nth(vpc.Addr(), bits, offset+i))
	}
	return public, private, true
}

// subnet is one block with what to call it and where it was written; the tfvars.Origin of a derived one is zero.
type subnet struct {
	name   string
	prefix netip.Prefix
	at     tfvars.Origin
}

// overlaps finds pairs of blocks that share addresses: each block at most once, as the pair's second.
func overlaps(subnets []subnet) [][2]subnet {
	sorted := slices.SortedStableFunc(slices.Values(subnets), func(a, b subnet) int { return a.prefix.Compare(b.prefix) })
	var out [][2]subnet
	for i, widest := 1, 0; i < len(sorted); i++ {
		if sorted[widest].prefix.Overlaps(sorted[i].prefix) {
			out = append(out, [2]subnet{sorted[widest], sorted[i]})
		} else {
			widest = i
		}
	}
	return out
}
