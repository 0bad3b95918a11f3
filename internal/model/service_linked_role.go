package model

// ServiceRole is a service-linked role: one per account and service, shared by all, and never deleted by berth.
type ServiceRole struct {
	Service string // "ecs", "autoscaling", "elasticloadbalancing", "spot"
}

// ServiceRoleKey names the service-linked role of a service.
func ServiceRoleKey(service string) Key { return Key{KindServiceRole, service} }

// Key is ServiceRoleKey of its service.
func (s ServiceRole) Key() Key { return ServiceRoleKey(s.Service) }

// Refs is empty.
func (s ServiceRole) Refs() []Key { return nil }

// Attrs is empty: AWS alone sets what such a role may do.
func (s ServiceRole) Attrs() []Attr { return nil }
