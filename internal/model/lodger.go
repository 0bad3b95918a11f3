package model

// Lodger is a service that is reached through a load balancer of the cluster.
type Lodger struct {
	Service  string
	Balancer Key // of the load balancer, of either generation
}
