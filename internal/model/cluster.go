package model

// Cluster is the ECS cluster.
type Cluster struct {
	Name     string
	Insights string // Container Insights: "enhanced", "enabled" or "disabled"
	ExecLogs bool   // observed: what is typed in ECS Exec sessions goes to a log of the user's choice
	Tags     Tags
}

// ClusterKey is the key of the one cluster.
func ClusterKey() Key { return Key{Kind: KindCluster} }

// Key is ClusterKey.
func (c Cluster) Key() Key { return ClusterKey() }

// Refs is ECS's service-linked role.
func (c Cluster) Refs() []Key { return []Key{ServiceRoleKey("ecs")} }

// Attrs lists the cluster's settings.
func (c Cluster) Attrs() []Attr {
	var a attrs
	a.text("name", c.Name)
	a.text("container_insights", c.Insights)
	a.tags(c.Tags)
	return a
}
