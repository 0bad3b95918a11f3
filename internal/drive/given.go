package drive

import (
	"berth/internal/config"
	"berth/internal/deploy/given"
	"berth/internal/model"
)

// Offer is what the file says that the cluster gives to services.
func (c Cluster) Offer(scope model.Scope) given.Cluster {
	out := given.Cluster{Scope: scope, LogPrefix: c.Config.LogPrefix, RetentionDays: c.Config.LogRetentionDays, Tags: tagsOf(c.Config.Tags)}
	for _, b := range c.Config.LoadBalancers {
		out.Balancers = append(out.Balancers, given.Balancer{Key: b.Key, Classic: b.Type == config.Classic})
	}
	for _, g := range c.Config.Groups {
		out.Groups = append(out.Groups, g.Name)
	}
	for _, r := range c.Config.Registries {
		out.Registries = append(out.Registries, given.Registry{Host: r.Host, SecretARN: r.SecretARN, InBucket: r.Store == config.S3})
	}
	return out
}
