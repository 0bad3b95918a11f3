package plan

func bucketRules() map[string]Rule {
	return map[string]Rule{
		"name":                     replace("names are for ever"),
		"versioning":               update("a lost lease can be looked up"),
		"encryption":               update("nothing is stored in the clear"),
		"public_access_block":      update("nobody else may read it"),
		"ownership":                update("no access control lists"),
		"policy":                   update("refuses everything but TLS"),
		"expire_prefix":            update("old leases go by themselves"),
		"expire_old_versions_days": update("old leases go by themselves"),
	}
}

func vpcRules() map[string]Rule {
	return map[string]Rule{
		"cidr":          replace("a VPC's first range is for ever"),
		"dns_support":   disturb(Brief, "nothing finds anything without DNS"),
		"dns_hostnames": update("endpoints need names"),
	}
}

func subnetRules() map[string]Rule {
	return map[string]Rule{
		"zone":                    replace("a subnet cannot move"),
		"cidr":                    replace("a subnet's range is for ever"),
		"map_public_ip_on_launch": update("instances must not get public addresses"),
	}
}

func natRules() map[string]Rule {
	return map[string]Rule{
		"subnet":  replace("a NAT gateway cannot move"),
		"address": replace("a NAT gateway keeps its address"),
	}
}

func routeRules() map[string]Rule {
	return map[string]Rule{
		"destination": replace("a route is its destination"),
		"target":      disturb(Brief, "the subnet's way out; connections under way are cut"),
	}
}

func endpointRules() map[string]Rule {
	return map[string]Rule{
		"service":         replace("an endpoint is for one service"),
		"type":            replace("an endpoint's type is for ever"),
		"route_tables":    update("the subnets that reach the service directly"),
		"subnets":         update("an interface in each zone, so that losing one takes nothing from the others"),
		"security_groups": update("only the VPC may talk to an endpoint"),
		"private_dns":     disturb(Brief, "the service's own name must lead to the endpoint"),
		"policy":          update("who may pass, with whose credentials"),
	}
}

func flowLogRules() map[string]Rule {
	return map[string]Rule{
		"destination_type": replace("AWS does not change flow logs"),
		"bucket":           replace("AWS does not change flow logs"),
		"log_group":        replace("AWS does not change flow logs"),
		"role":             replace("AWS does not change flow logs"),
		"traffic":          replace("AWS does not change flow logs"),
		"interval_seconds": replace("AWS does not change flow logs"),
	}
}

func securityGroupRules() map[string]Rule {
	return map[string]Rule{
		"name":        replace("a security group's name is for ever"),
		"description": replace("a security group's description is for ever"),
		"vpc":         replace("a security group cannot move"),
		"ingress":     update("only the traffic that is needed comes in"),
		"egress":      update("instances reach AWS and their registries"),
	}
}

func defaultGroupRules() map[string]Rule {
	return map[string]Rule{
		"ingress": update("the default security group must let nothing in"),
		"egress":  update("the default security group must let nothing out"),
	}
}
