package roll

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// After is the memory once an action was carried out, at a time.
func (m Memory) After(a Action, made Made, at time.Time) Memory {
	switch a.Verb {
	case LaunchNew:
		return m.launched(a, made, at)
	case Give:
		return m.given(a, made)
	case EditService:
		return m.edited(a, made)
	case RunProbe:
		m.News = slices.Clone(m.News)
		for n := range m.News {
			if strings.HasSuffix(a.Token, "/"+m.News[n].ID) && len(made.Tasks) > 0 {
				m.News[n].Probe = made.Tasks[0]
			}
		}
	case Resume:
		m.Pools = slices.Clone(m.Pools)
		for n := range m.Pools {
			if m.Pools[n].Group == a.Group {
				m.Pools[n].Suspended = nil
			}
		}
	default: // what it did shows at the next look
	}
	return m
}

// retry is how long nothing is launched into a group after AWS has refused to.
const retry = time.Minute

func (m Memory) launched(a Action, made Made, at time.Time) Memory {
	m.Launches, m.News, m.Pools = slices.Clone(m.Launches), slices.Clone(m.News), slices.Clone(m.Pools)
	found := slices.IndexFunc(m.Launches, func(l Launch) bool { return m.Order.Run+"-"+strconv.Itoa(l.Seq) == a.Token })
	if found < 0 {
		return m
	}
	l := &m.Launches[found]
	for _, id := range made.Instances {
		if slices.ContainsFunc(m.News, func(n New) bool { return n.ID == id }) {
			continue
		}
		m.News = append(m.News, New{ID: id, Group: a.Group, Zone: a.Zone, State: Booting, At: at, Since: at, Canary: l.Canary})
	}
	for n := range m.Pools {
		p := &m.Pools[n]
		if p.Group != a.Group {
			continue
		}
		p.Launched += len(made.Instances)
		p.Refusals, p.Retry = 0, time.Time{}
		if len(made.Instances) < l.Count {
			p.Refusals, p.Retry = m.refusals(p.Group)+1, at.Add(retry)
		}
	}
	m.Count.Launches += len(made.Instances)
	m.Moved = at
	if len(made.Instances) < l.Count {
		l.Refused = "AWS launched fewer, and does not say why"
		for _, why := range made.Refused { // unordered: of several one will do, and they mostly are the same
			l.Refused = why
		}
		return m
	}
	m.Launches = slices.Delete(m.Launches, found, found+1)
	return m
}

func (m Memory) refusals(group string) int {
	for _, p := range m.Pools {
		if p.Group == group {
			return p.Refusals
		}
	}
	return 0
}

// given notes that AWS has taken terminations. What had gone already took nothing off the group's desired capacity.
func (m Memory) given(a Action, made Made) Memory {
	m.Olds, m.News, m.Pools = slices.Clone(m.Olds), slices.Clone(m.News), slices.Clone(m.Pools)
	off := func(id string) {
		for n := range m.Pools {
			if _, gone := made.Refused[id]; m.Pools[n].Group == a.Group && a.Decrement && !gone {
				m.Pools[n].Left++
			}
		}
	}
	for n := range m.Olds {
		if o := &m.Olds[n]; slices.Contains(a.Instances, o.ID) && !o.Sure {
			o.Sure = true
			off(o.ID)
		}
	}
	for n := range m.News {
		if one := &m.News[n]; slices.Contains(a.Instances, one.ID) && !one.Sure {
			one.Sure = true
			off(one.ID)
		}
	}
	return m
}
