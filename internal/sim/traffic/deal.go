package traffic

import "berth/internal/sim/world"

// deal tells how n requests fall on shares, given in order. A share gets its part of what those before it left; the last one
// gets the rest. So each share's number never falls when n grows, and of n+1 requests one share gets one more.
func deal[T any](shares []T, share func(*T) *world.Share, n int64, each func(*T, int64)) {
	rest := weigh(shares, share)
	for i := range shares {
		s := share(&shares[i])
		part := n
		if i < len(shares)-1 {
			part = (s.Credit + n*s.Weight) / rest
		}
		each(&shares[i], part)
		n -= part
		rest -= s.Weight
	}
}

func weigh[T any](shares []T, share func(*T) *world.Share) int64 {
	sum := int64(0)
	for i := range shares {
		sum += share(&shares[i]).Weight
	}
	return sum
}

func ofPath(p *world.Path) *world.Share        { return &p.Share }
func ofNode(n *world.TrafficNode) *world.Share { return &n.Share }
func ofLane(l *world.Lane) *world.Share        { return &l.Share }

// spread tells how n requests of a spell fall on its lanes, in the order in which they stand.
func spread(s *world.Spell, n int64) []int64 {
	var out []int64
	deal(s.Paths, ofPath, n, func(p *world.Path, n int64) {
		deal(p.Nodes, ofNode, n, func(node *world.TrafficNode, n int64) {
			deal(node.Lanes, ofLane, n, func(_ *world.Lane, n int64) { out = append(out, n) })
		})
	})
	return out
}

// settle gives all shares the credit that they have after n requests.
func settle(paths []world.Path, n int64) {
	owe(paths, ofPath, n, func(p *world.Path, n int64) {
		owe(p.Nodes, ofNode, n, func(node *world.TrafficNode, n int64) {
			owe(node.Lanes, ofLane, n, func(*world.Lane, int64) {})
		})
	})
}

func owe[T any](shares []T, share func(*T) *world.Share, n int64, each func(*T, int64)) {
	rest, left := weigh(shares, share), n
	deal(shares, share, n, func(x *T, part int64) {
		s := share(x)
		credit := (s.Credit + left*s.Weight) % rest
		each(x, part)
		s.Credit = credit
		left -= part
		rest -= s.Weight
	})
}

// inherit gives new shares what the old ones of the same key are owed.
func inherit(paths, old []world.Path) {
	pass(paths, old, ofPath, func(p, o *world.Path) {
		pass(p.Nodes, o.Nodes, ofNode, func(n, o *world.TrafficNode) {
			pass(n.Lanes, o.Lanes, ofLane, func(_, _ *world.Lane) {})
		})
	})
}

func pass[T any](shares, old []T, share func(*T) *world.Share, each func(now, was *T)) {
	type account struct {
		row  *T
		rest int64
	}
	accounts := map[string]account{}
	rest := weigh(old, share)
	for i := range old {
		s := share(&old[i])
		accounts[s.Key] = account{&old[i], rest}
		rest -= s.Weight
	}
	rest = weigh(shares, share)
	for i := range shares {
		s := share(&shares[i])
		if a, ok := accounts[s.Key]; ok {
			s.Credit = share(a.row).Credit * rest / a.rest
			each(&shares[i], a.row)
		}
		rest -= s.Weight
	}
}
