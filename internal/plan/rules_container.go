package plan

func taskDefinitionRules() map[string]Rule {
	return map[string]Rule{
		"family":      replace("a revision's family is for ever"),
		"container.*": replace("a revision is for ever"),
	}
}

func daemonServiceRules() map[string]Rule {
	revision := disturb(Rolling, "another revision: each instance's container is exchanged")
	return map[string]Rule{
		"name":                     replace("a service's name is for ever"),
		"launch_type":              replace("a service's launch type is for ever"),
		"task_definition":          revision,
		"container.*":              revision,
		"minimum_healthy_percent":  update("a container can be stopped before its successor starts: there is one to an instance"),
		"maximum_percent":          update("AWS wants 100 for daemons"),
		"circuit_breaker":          update("a revision that does not start stops the deployment"),
		"circuit_breaker_rollback": update("and the one before comes back"),
		"placement":                disturb(Rolling, "which instances have one"),
		"propagate_tags":           update("tasks say whose they are"),
		"managed_tags":             update("tasks say which cluster and service they are of"),
	}
}
