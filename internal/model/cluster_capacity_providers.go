package model

import (
	"fmt"
	"slices"
	"strings"
)

// ClusterProviders says which capacity providers a cluster has and which it uses when a service names none.
type ClusterProviders struct {
	Providers []Key
	Strategy  []StrategyItem
}

// StrategyItem is one part of a capacity provider strategy.
type StrategyItem struct {
	Provider     Key
	Weight, Base int
}

// ClusterProvidersKey is the key of the cluster's one list of providers.
func ClusterProvidersKey() Key { return Key{Kind: KindClusterProviders} }

// Key is ClusterProvidersKey.
func (c ClusterProviders) Key() Key { return ClusterProvidersKey() }

// Refs are the cluster and the providers.
func (c ClusterProviders) Refs() []Key {
	refs := append([]Key{ClusterKey()}, c.Providers...)
	return slices.DeleteFunc(refs, func(k Key) bool { return k.Kind == KindForeign })
}

// Attrs lists the providers and the default strategy.
func (c ClusterProviders) Attrs() []Attr {
	var a attrs
	a.keys("capacity_providers", c.Providers)
	items := make([]string, len(c.Strategy))
	for i, s := range c.Strategy {
		items[i] = fmt.Sprintf("%s weight %d base %d", s.Provider, s.Weight, s.Base)
	}
	slices.Sort(items)
	a.text("default_strategy", strings.Join(items, ", "))
	return a
}
