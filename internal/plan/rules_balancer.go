package plan

func balancerRules() map[string]Rule {
	return map[string]Rule{
		"name":                                replace("a load balancer's name is for ever"),
		"scheme":                              replace("a load balancer's scheme is for ever"),
		"subnets":                             disturb(Brief, "the zones that take requests"),
		"security_groups":                     update("who may talk to it"),
		"deletion_protection.enabled":         update("it cannot be deleted by mistake"),
		"idle_timeout.timeout_seconds":        update("when a silent connection is closed"),
		"routing.http.desync_mitigation_mode": update("keeps smuggled requests out"),
		"routing.http2.enabled":               update("clients may use HTTP/2"),
		"routing.http.drop_invalid_header_fields.enabled": update("keeps smuggled requests out"),
		"access_logs": update("who asked for what, on record"),
	}
}

func targetGroupRules() map[string]Rule {
	return map[string]Rule{
		"name":                                 replace("a target group's name is for ever"),
		"vpc":                                  replace("a target group cannot move"),
		"protocol":                             replace("a target group's protocol is for ever"),
		"port":                                 replace("a target group's port is for ever"),
		"health_check.*":                       update("how targets are found healthy"),
		"deregistration_delay.timeout_seconds": update("how long a leaving target finishes its requests"),
		"load_balancing.algorithm.type":        update("how targets are picked"),
		"slow_start.duration_seconds":          update("how new targets warm up"),
		"stickiness.enabled":                   update("whether clients stay with one target"),
	}
}

func listenerRules() map[string]Rule {
	return map[string]Rule{
		"port":           replace("another port is another listener"),
		"protocol":       disturb(Brief, "what clients must speak"),
		"default_target": disturb(Brief, "where requests go that no rule claims"),
		"redirect":       disturb(Brief, "where clients are sent instead"),
		"certificate":    update("what clients know it by"),
		"tls_policy":     disturb(Brief, "which clients may connect: a stricter one shuts old ones out"),

		"further_certificates": update("what clients know it by that ask for another name"),
	}
}

func classicRules() map[string]Rule {
	return map[string]Rule{
		"name":                        replace("a load balancer's name is for ever"),
		"scheme":                      replace("a load balancer's scheme is for ever"),
		"subnets":                     disturb(Brief, "the zones that take connections"),
		"security_groups":             update("who may talk to it"),
		"port":                        disturb(Brief, "the port that clients talk to"),
		"instance_port":               disturb(Brief, "the port of the instances"),
		"protocol":                    disturb(Brief, "what both sides speak"),
		"https.certificate":           update("what clients know it by"),
		"https.tls_policy":            disturb(Brief, "which clients may connect: a stricter one shuts old ones out"),
		"https.*":                     disturb(Brief, "the port for encrypted connections"),
		"health_check.*":              update("how instances are found healthy"),
		"cross_zone":                  update("every zone's instances get their share"),
		"connection_draining_seconds": update("how long a leaving instance finishes its requests"),
		"idle_timeout_seconds":        update("when a silent connection is closed"),
		"access_logs":                 update("who asked for what, on record"),
	}
}
