package plan

func roleRules() map[string]Rule {
	return map[string]Rule{
		"name":             replace("a role's name is for ever"),
		"path":             replace("a role's path is for ever"),
		"description":      update("says what it is for"),
		"trust_policy":     update("who may take the role"),
		"managed_policies": update("what the role may do"),
		"policies.*":       update("what the role may do"),
	}
}

func profileRules() map[string]Rule {
	return map[string]Rule{
		"name": replace("a profile's name is for ever"),
		"path": replace("a profile's path is for ever"),
		"role": update("instances without a role cannot join"),
	}
}

func logGroupRules() map[string]Rule {
	return map[string]Rule{
		"name":           replace("a log group's name is for ever"),
		"retention_days": update("logs are kept for ever otherwise, and cost"),
	}
}

func clusterRules() map[string]Rule {
	return map[string]Rule{
		"name":               replace("a cluster's name is for ever"),
		"container_insights": update("figures per task and container"),
	}
}

func keyPairRules() map[string]Rule {
	return map[string]Rule{
		"name":       replace("a key pair's name is for ever"),
		"public_key": replace("a key pair keeps its key"),
	}
}

func templateRules() map[string]Rule {
	version := "a new version; running instances keep theirs"
	return map[string]Rule{
		"name":                replace("a template's name is for ever"),
		"ami":                 update(version),
		"instance_type":       update(version),
		"key_name":            update(version),
		"key_pair":            update(version),
		"instance_profile":    update(version),
		"security_groups":     update(version),
		"user_data":           update(version),
		"volume.*":            update(version),
		"system_volume.*":     update(version),
		"metadata.*":          update(version),
		"detailed_monitoring": update(version),
		"instance_tags.*":     update(version),
		"volume_tags.*":       update(version),
	}
}

func groupRules() map[string]Rule {
	return map[string]Rule{
		"name":                                  replace("a group's name is for ever"),
		"launch_template":                       update("new instances come from the newest version"),
		"instance_types":                        update("what new instances are"),
		"spot":                                  update("how new instances are paid"),
		"spot_allocation_strategy":              update("where spot instances come from"),
		"on_demand_base":                        update("how many instances nobody takes back"),
		"on_demand_percentage":                  update("how new instances are paid"),
		"on_demand_allocation_strategy":         update("which type On-Demand instances are"),
		"capacity_rebalance":                    update("spot instances are exchanged before they are taken"),
		"subnets":                               disturb(Rolling, "instances move to the zones of the file"),
		"max_size":                              update("how far the group may grow"),
		"health_check_type":                     update("ELB would replace instances that merely have no task yet"),
		"health_check_grace_seconds":            update("time to boot"),
		"maintenance.*":                         update("a replacement starts before the old instance goes"),
		"deletion_protection":                   update("it cannot be deleted with its instances by mistake"),
		"metrics":                               update("sizes over time"),
		"classic_load_balancers":                disturb(Brief, "whose targets the instances are"),
		"classic_load_balancer":                 disturb(Brief, "whose targets the instances are"),
		"new_instances_protected_from_scale_in": update("ECS alone picks which instance goes"),
	}
}

func providerRules() map[string]Rule {
	return map[string]Rule{
		"name":                           replace("a provider's name is for ever"),
		"auto_scaling_group":             replace("a provider keeps its group"),
		"managed_scaling":                update("ECS sets the size of the group"),
		"target_capacity":                update("how full the group shall be"),
		"minimum_scaling_step":           update("how fast the group grows"),
		"maximum_scaling_step":           update("how fast the group grows"),
		"instance_warmup_seconds":        update("when a new instance counts"),
		"managed_termination_protection": update("instances with tasks do not go"),
		"managed_draining":               update("instances are emptied before they go"),
	}
}

func clusterProviderRules() map[string]Rule {
	return map[string]Rule{
		"capacity_providers": update("which groups services may run on"),
		"default_strategy":   update("what services use that name no provider"),
	}
}

func capacityRules() map[string]Rule {
	return map[string]Rule{
		"min_size":         update("what the group never goes below"),
		"desired_capacity": {Impact: Rolling, Shrinks: true, Why: "the file's starting size"},
	}
}
