package io.github.bootcluster.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.bootcluster.Role;

import org.springframework.context.annotation.Conditional;

/** Matches in processes of one role. */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnRoleCondition.class)
@interface ConditionalOnRole {

	/** The role: {@link Role#WORKER} or {@link Role#STANDALONE}. */
	Role value();

}
