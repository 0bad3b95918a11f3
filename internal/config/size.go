package config

import (
	"strconv"

	"berth/internal/config/tfvars"
)

// maxInstances is how many container instances an ECS cluster holds (Amazon ECS service quotas).
const maxInstances = 5000

// size is one of the three sizes of a group; valid is false when it is absent, or wrong and reported.
type size struct {
	name  string
	n     int
	valid bool
	given bool
	tfvars.Value
}

func (s settings) size(name string) size {
	n, ok := s.number(name)
	v, given := s.values[name]
	if ok && (n < 0 || n > maxInstances) {
		s.Fail(v.At, Fault{
			Code: codeSizeRange, Summary: v.Path + " cannot be " + strconv.Itoa(n),
			Hint: "a whole number from 0 to " + strconv.Itoa(maxInstances),
		})
		ok = false
	}
	return size{name, n, ok, given, v}
}

// sizes reads a further group's sizes: min 0, desired min, max required.
func (s settings) sizes() (least, desired, most int) {
	a, b, c := s.size("min_size"), s.size("desired_capacity"), s.size("max_size")
	if !b.given {
		b.n = a.n
	}
	s.checkOrder(a, b, c)
	return a.n, b.n, c.n
}

// topSizes reads the top level's sizes.
func (s settings) topSizes(c *Config) (least, desired, most int) {
	c.sizes = [3]size{s.size("min_size"), s.size("desired_capacity"), s.size("max_size")}
	s.checkOrder(c.sizes[0], c.sizes[1], c.sizes[2])
	return measure(c.supposed(), c.sizes)
}

// measure fills in the sizes that are not given: an instance per zone is the least, twice the desired number the most.
func measure(zones int, given [3]size) (least, desired, most int) {
	a, b, c := given[0], given[1], given[2]
	if !a.given {
		a.n = zones
		for _, other := range []size{b, c} {
			if other.valid {
				a.n = min(a.n, other.n)
			}
		}
	}
	if !b.given {
		b.n = a.n
	}
	if !c.given {
		c.n = min(max(1, 2*b.n), maxInstances)
	}
	return a.n, b.n, c.n
}

// checkOrder compares each pair that was written; defaults always fit.
func (s settings) checkOrder(least, desired, most size) {
	for _, pair := range [][2]size{{least, desired}, {desired, most}, {least, most}} {
		low, high := pair[0], pair[1]
		if !low.valid || !high.valid || low.At.IsDefault() || high.At.IsDefault() || low.n <= high.n {
			continue
		}
		s.Fail(high.At, Fault{
			Code: codeSizeOrder, Summary: high.Path + " is " + strconv.Itoa(high.n) + ", less than " + low.name + ", which is " + strconv.Itoa(low.n),
			Detail: low.name + " stands at " + low.At.Place().String() + ".",
			Hint:   "min_size ≤ desired_capacity ≤ max_size: raise " + high.name + " to " + strconv.Itoa(low.n) + ", or lower " + low.name + " to " + strconv.Itoa(high.n),
		})
	}
}
